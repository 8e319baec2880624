import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { fullBackup } from './postgres/full.ts'

/** A first full backup where both read the server's data folder. */
export const benchmark: Benchmark = { name: 'backup/postgres-full', ...fullBackup('data-folder') }
