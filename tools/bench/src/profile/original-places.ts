import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative, resolve, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../lab/folders.ts';
import type { CallFrame } from './self-times.ts';

/** Where functions of a bundle stand in the sources. */
export class OriginalPlaces {
  readonly #maps = new Map<string, SourceMap | undefined>();

  /** Such as `libs/mcp/dist/…/x.js:12`, by the source map of the bundle; empty for what is part of the engine. */
  of({ url, lineNumber, columnNumber }: CallFrame): string {
    if (!url.startsWith('file:')) return url;
    const path = fileURLToPath(url);
    const entry = this.#map(path)?.findEntry(lineNumber, columnNumber);
    if (!entry || !('originalSource' in entry)) return `${short(path)}:${lineNumber + 1}`;
    return `${short(resolve(dirname(path), entry.originalSource))}:${entry.originalLine + 1}`;
  }

  #map(path: string): SourceMap | undefined {
    if (!this.#maps.has(path)) {
      const file = `${path}.map`;
      this.#maps.set(
        path,
        existsSync(file)
          ? new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload)
          : undefined,
      );
    }
    return this.#maps.get(path);
  }
}

function short(path: string): string {
  return relative(ROOT, path).replace(/^.*node_modules\//, '');
}
