import { compareVerify } from './repositories/compare-verify.ts'

/** A hundred K-256 signatures. */
export const benchmark = compareVerify('atproto/verify-k256', 'k256', 5)
