/** The folder of the project, in which the tests are run, wherever they were compiled to. */
export const PROJECT = process.cwd();
