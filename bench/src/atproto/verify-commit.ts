import { verifyCommits } from './repositories/verify-commits.ts'

/** With our own K-256; see `verify-commit-native`. */
export const benchmark = verifyCommits
