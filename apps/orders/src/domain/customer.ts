/** Where a customer lives; what is not known is null. */
export interface Address {
  readonly line: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
}

/** What is known of a customer. */
export interface CustomerDescription {
  /** The number that the team itself knows the customer by; unique where there is one. */
  readonly reference: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly address: Address;
}

/** A customer whom the team has a number for. */
export type ReferencedCustomer = CustomerDescription & { readonly reference: string };

/** Somebody who orders. */
export interface Customer extends CustomerDescription {
  /** TypeID `cus_…`; sorts by the time of creation. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Ids begin so, and no reference does: either of them finds a customer. */
export const CUSTOMER_PREFIX = 'cus_';
