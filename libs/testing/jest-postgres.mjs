// Jest imports this file with plain Node, without its own transforms and export conditions. Inside the
// workspace Node runs the sources (it strips the types), so that nothing needs a build before its tests.
const installed = import.meta.url.includes('/node_modules/');
const { preparePostgres } = await import(installed ? './dist/jest-postgres.js' : './src/jest-postgres.ts');

export default preparePostgres;
