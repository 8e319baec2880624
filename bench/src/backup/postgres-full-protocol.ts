import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { fullBackup } from './postgres/full.ts'

/**
 * The same where ours has the server send its files, as from another machine: it reads them, writes them into a socket and we read that,
 * which is more than pgBackRest does, which reads them where they are.
 */
export const benchmark: Benchmark = { name: 'backup/postgres-full-protocol', ...fullBackup('protocol') }
