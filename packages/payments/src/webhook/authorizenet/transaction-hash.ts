import { createHmac } from 'node:crypto'

/** What `transHashSha2` of an answer of Authorize.Net covers. */
export interface TransactionHashInput {
  readonly apiLoginId: string
  readonly transactionId: string
  /** As it was sent, with its decimals: `300.00`. */
  readonly amount: string
  /** The signature key as it is shown: hexadecimal. */
  readonly signatureKey: string
}

/**
 * The hash that Authorize.Net puts into its answers: HMAC-SHA-512 of `^login^transaction^amount^` with the **decoded**
 * signature key, in upper-case hexadecimal (AuthorizeNet/sample-code-node, Sha512/compute_trans_hashSHA2.js).
 *
 * @example
 * ```ts
 * import { authorizeNetTransactionHash } from '@exprsn/payments/webhook'
 *
 * const answer = { apiLoginId: 'login', transactionId: '60000000001', amount: '10.00', signatureKey: '0123ABCD' }
 * console.log(authorizeNetTransactionHash(answer).length) // 128
 * ```
 */
export function authorizeNetTransactionHash(input: TransactionHashInput): string {
  const { apiLoginId, transactionId, amount, signatureKey } = input
  const key = Buffer.from(signatureKey, 'hex')
  return createHmac('sha512', key).update(`^${apiLoginId}^${transactionId}^${amount}^`).digest('hex').toUpperCase()
}
