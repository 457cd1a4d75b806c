"""The text classifier of the suite cold, end to end, as its author would write it with PyTorch.

    python3 -m pytorch_cold version
    python3 -m pytorch_cold train   --data FILE --text COLUMN --label COLUMN [--no-header] --model FILE --threads N
    python3 -m pytorch_cold predict --text "..." --model FILE --threads N

Training reads a TSV file, gzipped or not, counts its words, trains for one epoch and writes the model: embedding of
64, bidirectional LSTM of 64, the last output of each direction, a layer over the classes; the first 200 words of a
text, the 20,000 commonest words that occur twice or more, batches of 32, Adam, gradients clipped to a norm of 1, a
learning rate that rises linearly over a tenth of the steps and falls linearly to 0. Batches are shuffled and
grouped by length, so that little is padded. It says "first step" after the first training step.
"""

import argparse
import collections
import csv
import gzip
import random
import re

WORDS = re.compile(r"\w+(?:'\w+)*|[^\w\s]")
VOCABULARY = 20_000
LENGTH = 200
BATCH = 32
WINDOW = 50  # batches that are grouped by length together
PADDING, UNKNOWN = 0, 1


def tokenize(text):
    return WORDS.findall(text.replace("<br />", " ").lower())


def read(path, text, label, header):
    """The texts and labels of a file; columns are names, or numbers from 1 where there is no header."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if header:
            names = next(rows)
            texts_at, labels_at = names.index(text), names.index(label)
        else:
            texts_at, labels_at = int(text) - 1, int(label) - 1
        pairs = [(row[texts_at], row[labels_at]) for row in rows if len(row) > max(texts_at, labels_at)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def encode(words, vocabulary):
    return [vocabulary.get(word, UNKNOWN) for word in words[:LENGTH]] or [UNKNOWN]


def batches(rows):
    """Row numbers, 32 at a time: shuffled, grouped by length within a window, and the groups shuffled."""
    order = list(range(len(rows)))
    random.shuffle(order)
    groups = []
    for start in range(0, len(order), BATCH * WINDOW):
        window = sorted(order[start:start + BATCH * WINDOW], key=lambda i: len(rows[i]))
        groups += [window[i:i + BATCH] for i in range(0, len(window), BATCH)]
    random.shuffle(groups)
    return groups


def network(torch, words, classes):
    nn = torch.nn

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(words, 64, padding_idx=PADDING)
            self.lstm = nn.LSTM(64, 64, batch_first=True, bidirectional=True)
            self.dense = nn.Linear(128, classes)

        def forward(self, tokens, lengths):
            packed = nn.utils.rnn.pack_padded_sequence(
                self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
            _, (h, _) = self.lstm(packed)
            return self.dense(torch.cat([h[0], h[1]], dim=1))

    return Classifier()


def padded(torch, rows):
    """Some rows as one batch: tokens [B,T] and lengths [B]."""
    tokens = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    return tokens, torch.tensor([len(row) for row in rows])


def train(torch, options):
    random.seed(1)
    torch.manual_seed(1)
    texts, names = read(options.data, options.text, options.label, not options.no_header)
    labels = sorted(set(names))
    targets = [labels.index(name) for name in names]
    tokenized = [tokenize(text) for text in texts]
    counts = collections.Counter(word for words in tokenized for word in words)
    known = [word for word, count in counts.most_common(VOCABULARY) if count > 1]
    vocabulary = {word: number for number, word in enumerate(known, start=UNKNOWN + 1)}
    rows = [encode(words, vocabulary) for words in tokenized]

    model = network(torch, len(vocabulary) + 2, len(labels))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    groups = batches(rows)
    rise = max(1, len(groups) // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda n: (n + 1) / rise if n < rise else (len(groups) - n) / max(1, len(groups) - rise))
    total = 0.0
    for number, group in enumerate(groups):
        optimizer.zero_grad()
        tokens, lengths = padded(torch, [rows[i] for i in group])
        loss = torch.nn.functional.cross_entropy(model(tokens, lengths), torch.tensor([targets[i] for i in group]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if number == 0:
            print("first step", flush=True)
    torch.save({"weights": model.state_dict(), "words": known, "labels": labels}, options.model)
    print(f"loss {total / len(groups):.4f}")


def predict(torch, options):
    saved = torch.load(options.model)
    vocabulary = {word: number for number, word in enumerate(saved["words"], start=UNKNOWN + 1)}
    model = network(torch, len(vocabulary) + 2, len(saved["labels"]))
    model.load_state_dict(saved["weights"])
    model.eval()
    with torch.inference_mode():
        tokens, lengths = padded(torch, [encode(tokenize(options.text), vocabulary)])
        probabilities = torch.softmax(model(tokens, lengths), dim=1)[0]
    best = int(probabilities.argmax())
    print(f"{saved['labels'][best]} {float(probabilities[best]):.4f}")


def main():
    parser = argparse.ArgumentParser(description="A text classifier with PyTorch: one epoch, or one answer")
    parser.add_argument("job", choices=("version", "train", "predict"))
    parser.add_argument("--data")
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="label")
    parser.add_argument("--no-header", action="store_true")
    parser.add_argument("--model")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    import torch

    if options.job == "version":
        print(torch.__version__)
        return
    torch.set_num_threads(options.threads)
    (train if options.job == "train" else predict)(torch, options)


if __name__ == "__main__":
    main()
