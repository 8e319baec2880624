import { compareVerify } from './repositories/compare-verify.ts'
import { withNativeK256 } from './repositories/native-k256.ts'

/** The same with libsecp256k1, for hosts that install it. */
export const benchmark = withNativeK256(compareVerify('atproto/verify-k256-native', 'k256', 28))
