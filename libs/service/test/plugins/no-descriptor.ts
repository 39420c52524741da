export const plugin = 'not the default export';
