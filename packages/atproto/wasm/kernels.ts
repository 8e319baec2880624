import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { k256Text } from './k256.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'crypto/k256/k256': k256Text,
})
