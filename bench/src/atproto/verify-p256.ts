import { compareVerify } from './repositories/compare-verify.ts'

/** A hundred P-256 signatures. */
export const benchmark = compareVerify('atproto/verify-p256', 'p256', 24)
