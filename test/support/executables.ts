/** The first bytes of executables for a processor, by its number in each format. */
export const executableHead = {
  elf(machine: number): Buffer {
    const head = Buffer.alloc(256);
    head.write('\x7fELF\x02\x01\x01', 'latin1');
    head.writeUInt16LE(machine, 18);
    return head;
  },
  machO(processor: number): Buffer {
    const head = Buffer.alloc(256);
    head.writeUInt32LE(0xfeed_facf, 0);
    head.writeUInt32LE(processor, 4);
    return head;
  },
  pe(machine: number): Buffer {
    const head = Buffer.alloc(256);
    head.write('MZ', 'latin1');
    head.writeUInt32LE(128, 60);
    head.write('PE\0\0', 128, 'latin1');
    head.writeUInt16LE(machine, 132);
    return head;
  },
};
