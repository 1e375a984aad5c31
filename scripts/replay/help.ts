export const help = `Sends recorded events to a function, or to the broker, once more.

  npm run replay -- [options]

Which events, from one of:
  --journal FILE       the journal (default data/journal/events.ndjson); its rotated parts are read, too
  --journal stream     the stream in RabbitMQ that keeps every event; stream:QUEUE is another than the local one
  --dead-letters WHICH letters that no retry could save: all, or those of one trigger, or the name of a queue in
                       RabbitMQ; they stay where they are. Without RABBITMQ_URL: data/dead-letters/events.ndjson
  --file FILE          an event as JSON, such as one of events/examples, or one a line in a .ndjson; may be given
                       several times, instead of a journal

Of these only:
  --type TYPE          of this type, such as soccer.match.requested.v1
  --subject S          about this subject
  --id ID              this event
  --correlation ID     the story of this request
  --where 'PATH=VALUE' of which this is true, such as data.match_id=123, source!=/soccer/predict or replayof= (absent);
                       also < <= > >= between numbers, or else texts; given several times, all must be true
  --since T --until T  of this time (2026-11-23 or 2026-11-23T18:00:00Z); until is left out itself
  --limit N            at most so many
  --strict             end at the first line or message that holds no event; else it is named and passed over

What to do with them:
  --to URL             the function to send to, such as http://localhost:8082; without --to they are printed
  --to broker          publish them: to the ingress in K_SINK, or else the exchange in RABBITMQ_URL (broker:EXCHANGE
                       is another than the local one)
  --no-dry-run         really send: without this the events are only listed
  --redrive            of dead letters in RABBITMQ_URL: take each out of its queue once the target has it; it keeps its
                       id and counts as the delivery that failed, not as a replay
  --same-id            keep the ids: a function that remembers them may answer without doing the work again
  --compare            compare each answer with the recorded one, leaving out times
  --resume FILE        write down what is done; the same command goes on from there, and tries failed ones again
  --rate N             at most N a second (default 10)
  --concurrency N      at most N at once (default 1)
  --timeout-ms N       deadline of one event (default 30000)
  --help               this text

data is the folder in DATA_DIR, where that is set. An event that is sent carries replayof, the id of its original, and
keeps its time: scrape then reads the page that was kept on that day and never visits the site.

Exit codes: 0 all went well (also with lines passed over) · 1 an event was not handled, or an answer differs, or a
source or target is away · 2 wrong use · 130 interrupted
`
