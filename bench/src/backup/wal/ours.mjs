// Receives WAL up to a position, then ends: a process of its own, as pg_receivewal is.
import { createWalReceiver, parseLsn } from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'

const { connection, slot, into, end } = JSON.parse(process.argv[2])
const receiver = createWalReceiver({ connector: postgresConnector(connection), slot, into })
await receiver.start()
await receiver.waitFor(parseLsn(end))
await receiver.stop()
