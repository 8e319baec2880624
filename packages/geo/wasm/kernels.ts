import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { annealText } from './anneal.ts'
import { anyDistances, wholeDistances } from './anneal-distances.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'optimise/search/kernel/anneal': annealText(anyDistances),
  'optimise/search/kernel/anneal-whole': annealText(wholeDistances),
})
