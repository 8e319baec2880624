import { withNativeK256 } from './repositories/native-k256.ts'
import { verifyCommits } from './repositories/verify-commits.ts'

/** The same with libsecp256k1, for hosts that install it. */
export const benchmark = withNativeK256({ ...verifyCommits, name: 'atproto/verify-commit-native' })
