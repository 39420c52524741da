import { isJsonObject, type JsonValue } from './json.ts';

/**
 * JSON Merge Patch, RFC 7396: `null` removes a property, objects merge, everything else replaces.
 *
 * @returns a new value; neither argument is changed
 */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
