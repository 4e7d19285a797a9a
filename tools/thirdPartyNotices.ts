import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      /** Set where it is a folder of this repository. */
      link: z.boolean().optional(),
    }),
  ),
});

/** The licences of every package that the bundles are made of: theirs ask to be passed on with the code. */
export async function thirdPartyNotices(): Promise<string> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const notices: string[] = [];
  for (const [path, { version, license, dev, link }] of Object.entries(packages)) {
    // The empty path is this package itself.
    if (path === '' || dev === true || link === true) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const heading = `${name} ${version ?? ''} (${license ?? 'see below'})`;
    notices.push([heading, '='.repeat(heading.length), await licenceText(path)].join('\n'));
  }
  return `Nex Devrun contains the following software.\n\n${notices.join('\n\n')}\n`;
}

async function licenceText(directory: string): Promise<string> {
  const files = await readdir(directory);
  const texts = files.filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  return (await Promise.all(texts.map((file) => readFile(join(directory, file), 'utf8')))).join(
    '\n',
  );
}
