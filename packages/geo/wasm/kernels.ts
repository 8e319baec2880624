import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { annealText } from './anneal.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'optimise/search/kernel/anneal': annealText,
})
