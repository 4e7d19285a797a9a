/** An error that nobody can catch any more: it is printed, as everywhere, and stops nothing else. */
export const printUncaught = (error: unknown) => console.error('Uncaught', error);
