import { defineErrors } from '@exprsn/core'

/** What goes wrong with keys and signatures. */
export const signatureErrors = defineErrors({
  ATPROTO_KEY_INVALID: {
    message: 'Not a usable key: {reason}.',
    help: 'A public key is a point of P-256 or K-256, a private key a number of 32 bytes below the order of the curve.',
    status: 400,
  },
})
