"""What a board costs while very many people look at it, beside aiohttp-sse, and how long a large one takes to draw."""
