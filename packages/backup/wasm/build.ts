// Assembles the WebAssembly kernels: `node packages/backup/wasm/build.ts`. The result is committed; a test builds it again
// and compares.
import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { kernels } from './kernels.ts'

for (const kernel of kernels) writeFileSync(kernel.file, await assemble(kernel))
