module __name__

go 1.21
