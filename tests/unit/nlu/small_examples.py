"""Some sixty messages, enough for the classifier to tell six intents apart."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "cost": (
        "how much does it cost", "what is the price of the treatment", "is it expensive",
        "how many dollars is one infusion", "what would I have to pay", "cost of car t",
        "what does the therapy cost in total", "how much money is it", "price please",
        "what are they charging for it", "is there a price list", "how pricey is it",
    ),
    "side_effects": (
        "what are the side effects", "is it dangerous", "which risks does it have",
        "can it make me sick", "what can go wrong", "does it have unwanted effects",
        "how risky is the therapy", "what harm can it do", "side effects of car t",
        "will I feel bad after it", "what are the dangers", "is it safe",
    ),
    "approved": (
        "is it approved", "has the fda approved it", "is the treatment licensed",
        "when will it be approved for lupus", "does it have approval in europe",
        "is it legal to get it now", "is it still experimental", "fda approval of car t",
        "did the agency allow it", "is it on the market", "approved or not",
        "when does the fda decide",
    ),
    "oos_not_health": (
        "what is the weather today", "who won the football game", "tell me a joke",
        "book me a flight to paris", "what is the capital of france", "play some music",
        "how do I bake bread", "who is the president", "what time is it",
        "recommend a good movie", "fix my computer", "write a poem about the sea",
    ),
    "emergency": (
        "I have chest pain", "he cannot breathe", "she is having a seizure",
        "I took too many pills", "my mother collapsed and does not wake up",
        "I am coughing up blood", "my throat is closing", "he is turning blue",
    ),
    "greet": (
        "hello", "hi there", "good morning", "hey", "good evening", "hello bot", "hiya",
        "greetings to you",
    ),
}  # fmt: skip
