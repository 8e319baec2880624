// Takes one base backup in a process of its own, into a folder when one is named, and prints what it cost. Starting Node and loading the driver are not
// counted: a service that backs up its database is running already and has talked to it.
import { discardSink, folderSink, receiveBaseBackup } from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import type { PostgresServerConnection } from '@exprsn/backup/server'
import { answerHash, backupSettings } from './cluster.ts'
import type { BackupCost } from './compare.ts'

const connector = postgresConnector(JSON.parse(process.argv[2]!) as PostgresServerConnection)
const { checkpoint, checksums: manifestChecksums } = backupSettings

await (await connector.sql()).close()

const start = performance.now()
const before = process.cpuUsage()
const into = process.argv[3]
const sink = into === undefined ? discardSink() : await folderSink({ into })
const { bytes, manifest } = await receiveBaseBackup({ connector, sink, checkpoint, manifestChecksums })
const { user, system } = process.cpuUsage(before)
const wall = performance.now() - start

const files = manifest.files.map(({ path, size, checksum }) => ({ path, size, checksum: checksum?.hex ?? '' }))
const cost: BackupCost = { bytes, wall, cpu: (user + system) / 1000, hash: answerHash(files) }
console.log(JSON.stringify(cost))
