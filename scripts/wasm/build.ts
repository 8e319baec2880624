// Assembles the WebAssembly kernels of all packages: `node scripts/wasm/build.ts`. The results are committed; a test assembles
// them again and compares.
import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { findKernels } from './find-kernels.ts'

for (const kernel of await findKernels()) writeFileSync(kernel.file, await assemble(kernel))
