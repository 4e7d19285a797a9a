import { copyFile, constants, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { fillIn, type Template } from './templates.ts';

export interface TemplateTarget {
  /** The extension's own folder. */
  extensionPath: string;
  template: Template;
  name: string;
  /** Where its files go. */
  folder: string;
  /** The folder that is searched last for a project's file, upwards from `folder`. */
  workspace: string;
}

/** Writes the files of a template, and over none. Resolves with the one to open. Throws `file-exists`. */
export async function writeTemplate(target: TemplateTarget): Promise<string> {
  const { extensionPath, template, name, folder } = target;
  const root = join(extensionPath, 'snippets', 'templates', template.id);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((from) => ({ from, to: join(folder, fillIn(relative(root, from), name)) }));
  for (const { to } of files) if (await exists(to)) throw alreadyThere(to);
  for (const { from, to } of files) {
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, fillIn(await readFile(from, 'utf8'), name), { flag: 'wx' });
  }
  await declareForProject(target);
  return join(folder, fillIn(template.source, name));
}

/** A file of a project sees only what is in it: its declarations are put beside the project's file, once. */
async function declareForProject(target: TemplateTarget): Promise<void> {
  const { extensionPath, template, folder, workspace } = target;
  if (template.project === undefined) return;
  const project = await findUpwards(template.project, folder, workspace);
  if (project === undefined) return;
  const to = join(dirname(project), 'nex.d.ts');
  if (await exists(to)) return;
  const declarations = join(extensionPath, 'extension', 'language', 'nex.d.ts');
  await copyFile(declarations, to, constants.COPYFILE_EXCL);
}

async function findUpwards(name: string, from: string, last: string): Promise<string | undefined> {
  const file = join(from, name);
  if (await exists(file)) return file;
  const above = dirname(from);
  return from === last || above === from ? undefined : findUpwards(name, above, last);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const alreadyThere = (path: string) =>
  new NexError('file-exists', `${path} is there already.`, { remedy: 'Choose another name.' });
