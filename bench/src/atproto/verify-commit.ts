import { verifyCommits } from './repositories/verify-commits.ts'

/** With OpenSSL, whose K-256 is three quarters of the time; see `verify-commit-native`. */
export const benchmark = verifyCommits
