import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { findFunction, isDescribed } from './findFunction.ts';

/** Beside the bundles in the repository and in the package alike. */
const declarations = fileURLToPath(new URL('../extension/language/nex.d.ts', import.meta.url));

/**
 * A plugin of the TypeScript server. It tells files outside any project what a Nex function finds; a project of the
 * user's is left as it is, and has `nex.d.ts` for that.
 */
export function createPlugin({ typescript }: { typescript: typeof ts }): ts.server.PluginModule {
  return {
    create({ project, languageService, languageServiceHost }) {
      if (project.projectKind !== typescript.server.ProjectKind.Inferred) return languageService;
      const rootsOf = languageServiceHost.getScriptFileNames.bind(languageServiceHost);
      languageServiceHost.getScriptFileNames = () => [...rootsOf(), declarations];
      const describe = createDescriber(typescript);
      return beforeEachQuestion(languageService, (file) =>
        describe(languageService.getProgram()?.getSourceFile(file)),
      );
    },
  };
}

/** The same service; `prepare` runs before each of its questions about a file. */
function beforeEachQuestion(
  service: ts.LanguageService,
  prepare: (file: string) => void,
): ts.LanguageService {
  return new Proxy(service, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        // The server's own housekeeping has no file; a question in the midst of it would never end.
        if (typeof args[0] === 'string') prepare(args[0]);
        return Reflect.apply(member, target, args);
      };
    },
  });
}

/** The parser keeps JSDoc there; it is no part of the compiler's public types. */
interface Documented {
  jsDoc?: ts.JSDoc[];
}

/**
 * Gives the function of a JavaScript file the comment that its author could have written, `@type {NexFunction}`, in the
 * tree alone: no position of the text moves. Types are taken from it when they are first asked for.
 */
function createDescriber(typescript: typeof ts): (file: ts.SourceFile | undefined) => void {
  const known = new WeakSet<ts.SourceFile>();
  return (file) => {
    if (file === undefined || known.has(file) || !/\.[cm]?js$/.test(file.fileName)) return;
    known.add(file);
    const found = findFunction(typescript, file);
    if (found === undefined || isDescribed(typescript, found)) return;
    const comment = parseComment(typescript);
    if (comment === undefined) return;
    Object.assign(comment, { parent: found, pos: found.pos, end: found.pos });
    (found as Documented).jsDoc = [comment];
  };
}

/** None where a TypeScript to come keeps it elsewhere: types are missing then, and nothing else. */
function parseComment(typescript: typeof ts): ts.JSDoc | undefined {
  const text = '/** @type {NexFunction} */ function handle() {}';
  const { Latest } = typescript.ScriptTarget;
  const { statements } = typescript.createSourceFile('comment.js', text, Latest, true);
  return (statements[0] as Documented | undefined)?.jsDoc?.[0];
}
