import type { Form } from './form.ts';
import { InvalidParameter } from './stripe-error.ts';

/** Reads the parameters of a request one by one, and complains about those that nobody has read, as Stripe does. */
export class Parameters {
  readonly #form: Form;
  readonly #unread: Set<string>;

  constructor(form: Form) {
    this.#form = form;
    this.#unread = new Set(Object.keys(form));
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (typeof value === 'object') throw new InvalidParameter(name, 'Invalid string: {...}');
    // An empty value means that the parameter is to be unset.
    return value === '' ? undefined : value;
  }

  required(name: string): string {
    return this.text(name) ?? missing(name);
  }

  oneOf<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined)
      throw new InvalidParameter(name, `Invalid ${name}: must be one of ${choices.join(', ')}`);
    return choice;
  }

  flag(name: string): boolean {
    const value = this.oneOf(name, ['true', 'false']);
    return value === 'true';
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value))
      throw new InvalidParameter(name, `Invalid integer: ${value}`, 'parameter_invalid_integer');
    return Number(value);
  }

  positive(name: string): number | undefined {
    const value = this.integer(name);
    if (value !== undefined && value < 1)
      throw new InvalidParameter(
        name,
        'This value must be greater than or equal to 1.',
        'parameter_invalid_integer',
      );
    return value;
  }

  /** Up to 50 pairs of text, as Stripe bounds them. */
  metadata(): Record<string, string> {
    const given = this.#take('metadata');
    if (given === undefined || given === '') return {};
    if (typeof given === 'string') throw new InvalidParameter('metadata', 'Invalid object');
    const pairs = Object.entries(given);
    if (pairs.length > 50) throw new InvalidParameter('metadata', 'Metadata can have at most 50 keys.');
    const metadata: Record<string, string> = {};
    for (const [key, value] of pairs) {
      if (typeof value !== 'string' || key.length > 40 || value.length > 500)
        throw new InvalidParameter(
          'metadata',
          'Keys have up to 40 characters, values are text of up to 500.',
        );
      metadata[key] = value;
    }
    return metadata;
  }

  /** The texts of a list, whatever its indexes are. */
  texts(name: string): string[] {
    const given = this.#take(name);
    if (given === undefined || given === '') return [];
    if (typeof given === 'string') throw new InvalidParameter(name, 'Invalid array');
    return Object.values(given).filter((value) => typeof value === 'string');
  }

  /** To be called when all that is known was read. */
  end(): void {
    const [unknown] = this.#unread;
    if (unknown !== undefined)
      throw new InvalidParameter(unknown, `Received unknown parameter: ${unknown}`, 'parameter_unknown');
  }

  #take(name: string): string | Form | undefined {
    this.#unread.delete(name);
    return this.#form[name];
  }
}

/** A parameter that has to be there is not. */
export function missing(name: string): never {
  throw new InvalidParameter(name, `Missing required param: ${name}.`, 'parameter_missing');
}
