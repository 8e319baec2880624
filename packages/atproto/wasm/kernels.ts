import { fileURLToPath } from 'node:url'
import { k256Text } from './k256.ts'

/** The kernel's name, its text, and the TypeScript file that carries what is assembled from it. */
export const k256Kernel = {
  name: 'k256Wasm',
  text: k256Text,
  file: fileURLToPath(new URL('../src/crypto/k256/k256.wasm.ts', import.meta.url)),
}
