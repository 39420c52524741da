/** Has what many ask for at once loaded once. */
export class LoadsUnderWay {
  readonly #loads = new Map<string, Promise<string>>();

  /**
   * Loads, or waits for the load of the same name that is under way. If that fails, for reasons that may be its
   * caller's own (aborted, out of time), each who waited loads for itself.
   */
  async join(name: string, load: () => Promise<string>): Promise<string> {
    const underWay = this.#loads.get(name);
    if (underWay) return underWay.catch(load);
    const started = load();
    this.#loads.set(name, started);
    try {
      return await started;
    } finally {
      this.#loads.delete(name);
    }
  }
}
