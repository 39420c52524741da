import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.ts';

describe('InFlight', () => {
  it('is drained at once when nothing is served', async () => {
    expect(await new InFlight().drain(10)).toBe(0);
  });

  it('waits for what is served', async () => {
    const inFlight = new InFlight();
    const exchange = inFlight.begin();
    const drained = inFlight.drain(5_000);
    inFlight.end(exchange);
    expect(await drained).toBe(0);
    expect(exchange.signal.aborted).toBe(false);
  });

  it('ends what overstays with a retryable reason, and counts it', async () => {
    const inFlight = new InFlight();
    const exchange = inFlight.begin();
    const drained = inFlight.drain(20);
    exchange.signal.addEventListener('abort', () => inFlight.end(exchange));
    expect(await drained).toBe(1);
    expect(exchange.signal.reason).toMatchObject({ code: 'dependency_unavailable', retryable: true });
  });
});
