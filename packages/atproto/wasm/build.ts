import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { k256Kernel } from './kernels.ts'

writeFileSync(k256Kernel.file, await assemble(k256Kernel))
