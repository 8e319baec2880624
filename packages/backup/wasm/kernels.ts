import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { chunkersText } from './chunkers.ts'
import { pagesText } from './pages.ts'
import { poly1305Text } from './poly1305.ts'
import { roMixText } from './ro-mix.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'seal/poly1305': poly1305Text,
  'chunking/chunkers': chunkersText,
  'base-backup/pages/pages': pagesText,
  'repository/key/ro-mix': roMixText,
})
