/** Who does something: a subject by means of a client. */
export interface Author {
  readonly subject: string;
  readonly client: string;
}
