/** An answer with `resultCode: Error`. */
export class AuthorizeNetRefusal extends Error {
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}

/** An answer with `responseCode: 3`: the request was fine, the transaction is not possible. */
export class TransactionError extends Error {
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}
