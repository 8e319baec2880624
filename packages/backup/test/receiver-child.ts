// Receives WAL until it is killed: started by receiver-crash.test.ts as a process of its own.
import { createWalReceiver } from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'

const { connection, slot, into } = JSON.parse(process.argv[2]!)
const receiver = createWalReceiver({ connector: postgresConnector(connection), slot, into })
await receiver.start()
process.stdout.write('streaming\n')
setInterval(() => process.stdout.write(`${receiver.position().durable}\n`), 5)
