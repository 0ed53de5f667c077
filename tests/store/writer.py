"""A process that appends messages to a store, and says after each that it is there.

``python writer.py PLACE CONVERSATION WHO COUNT`` waits for a line on its standard input before it opens the store.
"""

import sys

from conduit.messages import AssistantMessage, Conversation, TextPart, UserMessage
from conduit.store import Store


def main(place, name, who, count):
    talk = Conversation()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with Store(place) as store:
        for number in range(count):
            text = f"{who} says {number}"
            answer = AssistantMessage(parts=(TextPart(text=text),))
            talk = talk.add(answer if number % 2 else UserMessage.of(text))
            store.append(name, "main", talk)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
