import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import Runtime from 'jest-runtime';

/** `describe`, `test`, `expect` and so on of the file that is being loaded; globals.js hands them on. */
export let globals;

// Every file that imports them evaluates a globals.js of its own, and so has its own.
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== '@jest/globals') return next(specifier, context);
    // A helper stays loaded for the next file, and would go on to speak to the test file before it.
    if (!context.parentURL?.endsWith('.test.ts'))
      throw new Error(`only a test file imports @jest/globals, not ${context.parentURL}`);
    return { url: `${new URL('./globals.js', import.meta.url)}?of=${context.parentURL}`, shortCircuit: true };
  },
});

/** Classes of the language, as the test files have them: `expect.any(String)` compares with its own otherwise. */
const builtIn = Object.getOwnPropertyNames(globalThis).filter(
  (name) => /^[A-Z]/.test(name) && typeof globalThis[name] === 'function',
);

/**
 * Lets Node import the test files, and what they import, as it imports our programs. Jest's own runtime evaluates every module anew
 * for every file, which took more CPU than the tests themselves. So the files of one Jest worker share their modules: what a module
 * keeps, the next file finds (docs/decisions/tests-in-one-process.md). Only `jest.mock` and its kin do not work any more.
 */
export default class NodeRuntime extends Runtime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    for (const name of builtIn) if (name in environment.global) environment.global[name] = globalThis[name];
  }

  unstable_shouldLoadAsEsm(path) {
    return path.endsWith('.ts');
  }

  async unstable_importModule(path) {
    globals = this.requireModuleOrMock(path, '@jest/globals');
    // Types are stripped in place, so lines need no mapping; Jest's looks for a source map beside each file of every stack that is made.
    Error.prepareStackTrace = undefined;
    await import(pathToFileURL(path).href);
  }
}
