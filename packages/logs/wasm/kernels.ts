import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { linesText } from './lines.ts'
import { searchText } from './search.ts'
import { tokensText } from './tokens.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'store/line/lines': linesText,
  'store/segment/search': searchText,
  'store/tokens/tokens': tokensText,
})
