// Assembles the WebAssembly kernel: `node packages/payments/wasm/build.ts`. The result is committed; a test builds it again
// and compares.
import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { rowsKernel } from './kernels.ts'

writeFileSync(rowsKernel.file, await assemble(rowsKernel))
