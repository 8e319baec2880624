import type { WebhookRejection } from '../gateway/webhook-verdict.ts'

/** Whether a signature holds. */
export type SignatureVerdict =
  | { readonly verified: true }
  | { readonly verified: false; readonly rejection: WebhookRejection; readonly message: string }

/** Every verified delivery has the same verdict. */
export const verifiedSignature: SignatureVerdict = Object.freeze({ verified: true })

/** A verdict against a delivery. */
export function rejected(
  rejection: WebhookRejection,
  message: string,
): SignatureVerdict & { readonly verified: false } {
  return { verified: false, rejection, message }
}
