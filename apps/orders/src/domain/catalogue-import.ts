/** What files of a catalogue can hold. */
export const CATALOGUE_KINDS = ['products', 'customers'] as const;

/** See {@link CATALOGUE_KINDS}. */
export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];
