/** All that a process of ours which works on what others sent gets of this one's environment: where Node keeps compiled code. No secret. */
export const childEnvironment = (): NodeJS.ProcessEnv => {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
};
