import { describe, expect, it } from '@jest/globals';
import { endpointOf } from './endpoint.ts';

const local = {
  host: 'localhost',
  port: 6379,
  username: undefined,
  password: undefined,
  db: 0,
  tls: undefined,
};

describe('endpointOf', () => {
  it.each([
    ['redis://localhost', local],
    ['redis://localhost:6380/3', { ...local, port: 6380, db: 3 }],
    ['rediss://localhost/', { ...local, tls: {} }],
    ['redis://:p%40ss%2Fword@localhost', { ...local, password: 'p@ss/word' }],
    ['redis://app:pw@localhost', { ...local, username: 'app', password: 'pw' }],
    ['redis://[::1]:6379', { ...local, host: '::1' }],
  ])('reads %s', (url, endpoint) => {
    expect(endpointOf(url)).toEqual(endpoint);
  });
});
