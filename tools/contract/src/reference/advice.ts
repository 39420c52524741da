/** What a description says of errors, taken out of it. */
export interface Advice {
  /** The sentences that say something else. */
  readonly sentences: readonly string[];
  /** What to do on an error, by its code, in the order in which they are told. */
  readonly onError: ReadonlyMap<string, string>;
}

/** As all descriptions of tools end, and as their facts say. */
const LIMIT = /^At most \d+ calls a minute\.$/;

/** `Errors: order_not_found (see list_orders), version_conflict, not_found (check the id).` */
const ERRORS = /^(?:Other errors|Errors(?: of \w+)?): (.+)\.$/;

/** A code, with what is said of it in brackets. */
const ITEM = /(\w+)(?: \(((?:[^()]|\([^()]*\))*)\))?(?:, |$)/gy;

/** Takes a description of a tool apart. */
export function adviceIn(description: string): Advice {
  const sentences: string[] = [];
  const onError = new Map<string, string>();
  for (const sentence of description.split(/(?<=[.!?])\s+(?=[A-Z])/)) {
    const advice = advised(ERRORS.exec(sentence)?.[1] ?? '');
    for (const [code, what] of advice) onError.set(code, what);
    if (advice.length === 0 && !LIMIT.test(sentence)) sentences.push(sentence);
  }
  return { sentences, onError };
}

/** What is said of each code; what is said of several stands behind the last of them. Nothing if it is no such list. */
function advised(list: string): [code: string, advice: string][] {
  const items = [...list.matchAll(ITEM)].filter(([text]) => text !== '');
  if (items.map(([text]) => text).join('') !== list) return [];
  return items.map(([, code = ''], index) => {
    const said = items.slice(index).find(([, , advice]) => advice !== undefined);
    return [code, said?.[2] ?? ''];
  });
}
