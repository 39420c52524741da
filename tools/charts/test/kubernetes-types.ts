import type { Manifest } from './manifest.ts';
import { customResource } from './custom-resources.ts';

/** A class of kubernetes-models. */
interface Model {
  readonly prototype: { validate(): void };
}

/**
 * Everything that the API server would refuse in strict mode: wrong types, missing fields, and fields that there are
 * not.
 */
export async function findingsOf(manifest: Manifest): Promise<string[]> {
  const schema = customResource(manifest);
  if (schema) {
    const result = schema.safeParse(manifest);
    return result.success
      ? []
      : result.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
  }
  const module = (await import(`kubernetes-models/${manifest.apiVersion}`)) as Record<string, Model>;
  const model = module[manifest.kind];
  if (!model) return [`There is no ${manifest.kind} in ${manifest.apiVersion}.`];
  const watch = new Watch();
  try {
    model.prototype.validate.call(watch.over(manifest));
  } catch (error) {
    return [(error as Error).message];
  }
  return watch.unread();
}

/**
 * The models check each field that they know and ignore the others, so what they have never read is unknown to them.
 */
class Watch {
  readonly #unread: (() => string[])[] = [];

  over<Value>(value: Value, path = ''): Value {
    if (typeof value !== 'object' || value === null) return value;
    const read = new Map<PropertyKey, unknown>();
    this.#unread.push(() =>
      Object.keys(value)
        .filter((key) => !read.has(key))
        .map((key) => `${path}/${key}: unknown field`),
    );
    return new Proxy(value, {
      get: (target, key) => {
        if (!read.has(key)) read.set(key, this.over(Reflect.get(target, key), `${path}/${String(key)}`));
        return read.get(key);
      },
    });
  }

  unread(): string[] {
    return this.#unread.flatMap((keys) => keys());
  }
}
