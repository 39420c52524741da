import { expect, it } from '@jest/globals';
import { retryableCodes } from './retryable.ts';

it('retryableCodes are those that are made so', () => {
  const source = `
    const busy = () => businessError('payment_busy', \`Payment \${id}; wait.\`, 'Wait.', { retryable: true, details: {} });
    const gone = () => businessError('payment_gone', 'Gone.', 'Stop.', { retryable: false });
    const lost = () => businessError('payment_lost', 'Lost.', 'Stop.');
    const other = () => sharedError('timeout', 'Late.', 'Wait.', { retryable: true });
    const any = (code: string) => businessError(code, 'Any.', 'Wait.', { retryable: true });
    class Desk { refuse() { throw businessError('desk_closed', 'Closed.', 'Wait.', { ...extras, retryable: true }); } }
  `;
  expect([...retryableCodes([source, 'const retryable = true;'])]).toEqual(['payment_busy', 'desk_closed']);
});
