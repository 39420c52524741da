import { resolve } from 'node:path';
import { packLibraries } from './pack.ts';

/** Packs the libraries into a folder: `node --conditions=@gantry/source src/main.ts dist/packages`. */
const destination = resolve(process.argv[2] ?? 'dist/packages');
for (const { name, file } of packLibraries(destination)) console.log(`${name}  ${file}`);
