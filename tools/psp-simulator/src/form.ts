/** What a form-encoded body says: `a[b][0]=c` is nested, everything at the end of a path is text. */
export interface Form {
  [name: string]: string | Form;
}

const KEY = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/** Parses a body or query as Stripe's clients write it: keys of any depth, brackets encoded or not. */
export function parseForm(text: string): Form {
  const form = emptyForm();
  for (const [key, value] of new URLSearchParams(text)) {
    const [, first, brackets] = KEY.exec(key) ?? [undefined, key, ''];
    const path = [first, ...[...brackets.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1]!)];
    put(form, path, value);
  }
  return form;
}

function put(form: Form, path: readonly string[], value: string): void {
  let level = form;
  for (const name of path.slice(0, -1)) {
    const next = level[name];
    level = typeof next === 'object' ? next : (level[name] = emptyForm());
  }
  const last = path.at(-1)!;
  // `expand[]=a&expand[]=b`: an array whose indexes the client left out.
  level[last === '' ? String(Object.keys(level).length) : last] = value;
}

/** Without a prototype, so that no key of a body can reach one. */
function emptyForm(): Form {
  return Object.create(null) as Form;
}

/** The same text for the same parameters, in whatever order they were sent. */
export function canonical(form: Form): string {
  const sorted = Object.keys(form)
    .sort()
    .map((name) => [name, form[name]!] as const)
    .map(([name, value]) => [name, typeof value === 'string' ? value : canonical(value)]);
  return JSON.stringify(sorted);
}
