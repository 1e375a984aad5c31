// Loaded before a program of the stack: when the stack itself is killed, its channel breaks and the program ends, too.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
